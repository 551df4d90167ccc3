// Times of segments as people read and write them, to the millisecond.

/** `1:02:03.456` of milliseconds. */
export function clock(ms: number): string {
  const rest = String(ms % 1000).padStart(3, "0");
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const head = hours ? `${hours}:${two(minutes % 60)}` : String(minutes);
  return `${head}:${two(seconds % 60)}.${rest}`;
}

/** Milliseconds of `1:02:03.456`, `2:03` or `123.4`; undefined for what is no time. */
export function parseClock(text: string): number | undefined {
  const found = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d{1,6})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!found) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0", rest = ""] = found;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(rest.padEnd(3, "0"));
}
