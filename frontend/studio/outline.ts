// The outline of a film: asked for until the server has made it. The waveform is BBC audiowaveform's
// format (version 1, 8 bits): a header of 20 bytes, then least and greatest of each point.
import type { Outline } from "./snapping";
import { rateOf } from "./snapping";

export interface Waveform {
  /** Greatest and least of each point, -1 to 1, evenly over the whole film. */
  readonly peaks: [Float32Array, Float32Array];
  /** Seconds. */
  readonly duration: number;
}

interface Described {
  readonly fps: string;
  readonly duration_ms: number;
  readonly shots: number[];
  readonly speech: [number, number][];
  readonly waveform: string;
}

const HEADER = 20;
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30_000;

/** The outline at an address, waited for while it is being made; gives up after an hour. Nothing is
 * asked for that is `known` not to be there, until it is said to be `made`. */
export async function fetchOutline(
  address: string,
  known: boolean,
  made: () => Promise<boolean>,
  waits: () => void,
): Promise<[Outline, Waveform]> {
  let pause = FIRST_PAUSE;
  let there = known;
  for (let waited = 0; waited < 3_600_000; waited += pause) {
    const answer = there
      ? await fetch(address, { cache: waited ? "reload" : "default" }).catch(() => undefined)
      : undefined;
    if (answer?.ok) return read(address, (await answer.json()) as Described);
    waits();
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
    there = await made().catch(() => false);
  }
  throw new Error("no outline");
}

async function read(address: string, said: Described): Promise<[Outline, Waveform]> {
  const answer = await fetch(new URL(said.waveform, new URL(address, location.href)));
  if (!answer.ok) throw new Error("no waveform");
  const outline = { fps: rateOf(said.fps), shots: said.shots, speech: said.speech };
  return [outline, readWaveform(await answer.arrayBuffer(), said.duration_ms / 1000)];
}

/** The points of a waveform file, cut or filled with silence to the film's own length. */
export function readWaveform(file: ArrayBuffer, duration: number): Waveform {
  const view = new DataView(file);
  const rate = view.getInt32(8, true) / view.getInt32(12, true);
  const points = Math.min(view.getUint32(16, true), (file.byteLength - HEADER) >> 1);
  const length = Math.max(1, Math.round(duration * rate));
  const peaks: [Float32Array, Float32Array] = [new Float32Array(length), new Float32Array(length)];
  const bytes = new Int8Array(file, HEADER);
  for (let at = 0; at < Math.min(points, length); at += 1) {
    peaks[0][at] = (bytes[2 * at + 1] ?? 0) / 128;
    peaks[1][at] = (bytes[2 * at] ?? 0) / 128;
  }
  return { peaks, duration };
}
