// What the page says of the edition that the studio begins with.
import type { Limits } from "./checks";

export interface Setup {
  readonly lines: string;
  readonly changes: string;
  readonly act: string;
  readonly live: string;
  readonly me: string;
  readonly history: string;
  readonly find: string;
  readonly signIn: string;
  readonly outline: string;
  readonly outlined: boolean;
  readonly source: string;
  readonly fps: string;
  readonly language: string;
  readonly writes: boolean;
  readonly times: boolean;
  readonly limits: Limits;
}
