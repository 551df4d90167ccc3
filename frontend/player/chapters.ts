// Chapters as a text track of the video, which is what the time line cuts itself by.
import { type Chapter, chapterAt } from "./marks";

/** Adds the chapters as soon as the film's length is known. */
export function addChapters(video: HTMLVideoElement, chapters: readonly Chapter[]): void {
  if (chapters.length < 2) return;
  const track = video.addTextTrack("chapters");
  const fillIn = (): void => {
    if (!Number.isFinite(video.duration) || track.cues?.length) return;
    chapters.forEach(({ start, title }, index) => {
      const end = chapters[index + 1]?.start ?? video.duration;
      if (end > start) track.addCue(new VTTCue(start, end, title));
    });
    track.mode = "showing"; // draws nothing, and tells the time line that there is something new
  };
  video.addEventListener("loadedmetadata", fillIn);
  video.addEventListener("durationchange", fillIn);
}

/** The name of the chapter at a second, or nothing. */
export const chapterName = (chapters: readonly Chapter[], time: number): string =>
  chapters[chapterAt(chapters, time)]?.title ?? "";
