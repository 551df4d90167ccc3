"""The films of the demo, one module each.

A film module says how long it is (`SECONDS`), paints it (`frames`, one array of height x width x 3
bytes after another, `paint.FPS` a second) and plays it (`sound`, samples x 2 between -1 and 1,
`tune.RATE` a second). What the pictures tell, the subtitles say: their times belong together.
"""
