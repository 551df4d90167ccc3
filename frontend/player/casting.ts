// Another screen, where the browser itself offers one: AirPlay in Safari, the Remote Playback API
// elsewhere. No maker's script is loaded for it: that would be a recipient that nobody declared.
import type { Stream } from "./stream";

interface AirPlay extends HTMLVideoElement {
  webkitShowPlaybackTargetPicker?: () => void;
}

const HLS = "application/vnd.apple.mpegurl";

export class Casting {
  private airplay = false;

  constructor(
    private readonly video: AirPlay,
    private readonly stream: Stream,
    private readonly onNone: () => void,
    onChange: () => void,
  ) {
    if (!video.webkitShowPlaybackTargetPicker) return;
    video.setAttribute("x-webkit-airplay", "allow");
    video.addEventListener("webkitplaybacktargetavailabilitychanged", (event) => {
      this.airplay = (event as Event & { availability?: string }).availability === "available";
      onChange();
    });
  }

  /**
   * Whether this browser can look for another screen: it must play the stream without our help there.
   * Where hls.js had to turn that off (a managed media source), nobody says whether there are screens.
   */
  get offered(): boolean {
    const { video } = this;
    if (video.webkitShowPlaybackTargetPicker) return this.airplay || video.disableRemotePlayback;
    return "remote" in video && video.canPlayType(HLS) !== "";
  }

  /** Lets the person choose the screen. The browser then plays the stream by itself. */
  async choose(): Promise<void> {
    const { video, stream } = this;
    const adaptive = stream.adaptive;
    stream.playNatively();
    video.disableRemotePlayback = false;
    if (video.webkitShowPlaybackTargetPicker) {
      video.webkitShowPlaybackTargetPicker();
      return;
    }
    try {
      await video.remote.prompt();
    } catch (problem) {
      if ((problem as DOMException).name !== "NotAllowedError") this.onNone();
      if (adaptive) stream.retry();
    }
  }
}
