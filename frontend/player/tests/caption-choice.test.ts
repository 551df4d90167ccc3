import { describe, expect, it } from "vitest";
import { chooseCaptions, matchLanguage } from "../caption-choice";

const OFFERED = ["ar", "en", "es-419", "ja", "ko", "zh-Hans", "zh-Hant"];
const choose = (asked: string, reads: string, spoken: string) => {
  const at = chooseCaptions(OFFERED, { asked, reads: reads.split(" "), spoken });
  return at < 0 ? "off" : OFFERED[at];
};

describe("matchLanguage", () => {
  it("prefers the same tag, then a shorter one, then the same language", () => {
    expect(matchLanguage("zh-hant", OFFERED)).toBe(6);
    expect(matchLanguage("en-GB", OFFERED)).toBe(1);
    expect(matchLanguage("zh-Hant-TW", OFFERED)).toBe(6);
    expect(matchLanguage("zh-TW", OFFERED)).toBe(6);
    expect(matchLanguage("zh_TW", ["ko"])).toBe(-1);
    expect(matchLanguage("es-MX", OFFERED)).toBe(2);
    expect(matchLanguage("fr", OFFERED)).toBe(-1);
    expect(matchLanguage("", OFFERED)).toBe(-1);
  });
});

describe("chooseCaptions", () => {
  it("does what the person asked for", () => {
    expect(choose("ko", "en", "en")).toBe("ko");
    expect(choose("off", "ar", "en")).toBe("off");
  });

  it("shows the page's language when the film speaks another or an unknown one", () => {
    expect(choose("", "ar", "en")).toBe("ar");
    expect(choose("", "ko-KR", "")).toBe("ko");
  });

  it("shows none when the film speaks the page's language or the page's isn't offered", () => {
    expect(choose("", "en-GB", "en")).toBe("off");
    expect(choose("", "fr", "en")).toBe("off");
  });

  it("shows the dearest language that there is, up to the one that the film speaks", () => {
    expect(choose("", "nl ko-KR en", "fr")).toBe("ko");
    expect(choose("", "nl en-GB ko", "en")).toBe("off");
    expect(choose("", "nl zh-TW en", "en")).toBe("zh-Hant");
  });

  it("falls back to the page's language when the wish isn't offered", () => {
    expect(choose("fr", "ar", "en")).toBe("ar");
  });
});
