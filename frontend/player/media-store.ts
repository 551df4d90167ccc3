// media-chrome's state store with two of its habits replaced: it keeps and reads the volume in
// localStorage even when told not to, and it looks up seek-bar pictures in a text track.
import { createMediaStore } from "media-chrome/dist/media-store/media-store.js";
import { requestMap } from "media-chrome/dist/media-store/request-map.js";
import { stateMediator } from "media-chrome/dist/media-store/state-mediator.js";
import { MediaUIEvents } from "media-chrome/dist/constants.js";
import { type Thumbnail, thumbnailAt } from "./thumbnails";

type MediaStore = ReturnType<typeof createMediaStore>;

/**
 * The store behind the controls of one player. It touches no browser storage. `thumbnails` is asked
 * at each preview, so the pictures may arrive later; `chapter` names what lies at a second.
 */
export function createStore(thumbnails: () => readonly Thumbnail[], chapter: (time: number) => string): MediaStore {
  return createMediaStore({
    options: { noMutedPref: true, noVolumePref: true, noSubtitlesLangPref: true },
    stateMediator: {
      ...stateMediator,
      mediaMuted: {
        get: ({ media }) => media?.muted ?? false,
        set: (muted, { media }) => {
          if (media) media.muted = muted;
        },
        mediaEvents: ["volumechange"],
      },
      mediaVolume: {
        get: ({ media }) => media?.volume ?? 1,
        set: (volume, { media }) => {
          const value = Number(volume); // the slider asks with what stands in its field: a text
          if (media && Number.isFinite(value)) media.volume = value;
        },
        mediaEvents: ["volumechange"],
      },
    },
    requestMap: {
      ...requestMap,
      [MediaUIEvents.MEDIA_PREVIEW_REQUEST]: (_mediator, _owners, { detail }) => {
        const time: unknown = detail;
        const picture = typeof time === "number" ? thumbnailAt(thumbnails(), time) : undefined;
        return {
          mediaPreviewTime: time,
          mediaPreviewImage: picture?.url,
          mediaPreviewCoords: picture?.box,
          mediaPreviewChapter: typeof time === "number" ? chapter(time) : "",
        } as object;
      },
    },
  });
}
