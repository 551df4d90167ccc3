// What a refused purpose left goes, whatever kind of storage it lies in; nothing else does.
import { beforeEach, expect, test, vi } from "vitest";
import { forget } from "../forgetting.js";

const gone: string[] = [];
const storage = (kind: string): object => ({ removeItem: (name: string) => gone.push(`${kind}:${name}`) });
const page = (named?: string): Document =>
  ({ documentElement: { dataset: named === undefined ? {} : { forget: named } } }) as unknown as Document;

beforeEach(() => {
  gone.length = 0;
  vi.stubGlobal("localStorage", storage("localStorage"));
  vi.stubGlobal("sessionStorage", storage("sessionStorage"));
  vi.stubGlobal("indexedDB", { deleteDatabase: (name: string) => gone.push(`database:${name}`) });
  vi.stubGlobal("document", {
    set cookie(written: string) {
      gone.push(`cookie:${written}`);
    },
  });
});

test("each key goes from where it lies", () => {
  forget(page("localStorage:a sessionStorage:b database:c cookie:d"));
  expect(gone).toEqual(["localStorage:a", "sessionStorage:b", "database:c", "cookie:d=; Max-Age=0; Path=/"]);
});

test("names with spaces, colons and signs arrive as they were declared", () => {
  forget(page(`localStorage:${encodeURIComponent("a b:c/ü")} cookie:${encodeURIComponent("x;y")}`));
  expect(gone).toEqual(["localStorage:a b:c/ü", "cookie:x%3By=; Max-Age=0; Path=/"]);
});

test.each([undefined, "", "localStorage:", "elsewhere:a", "nothing"])("nothing goes for %j", (named) => {
  forget(page(named));
  expect(gone).toEqual([]);
});

test("storage that is off keeps nothing and hinders nothing", () => {
  vi.stubGlobal("localStorage", undefined);
  forget(page("localStorage:a sessionStorage:b"));
  expect(gone).toEqual(["sessionStorage:b"]);
});
