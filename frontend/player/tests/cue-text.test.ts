import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { cueFragment, parseCueText } from "../cue-text";

/** What the page would hold for a cue's text. */
function shown(text: string, down = false): { html: string; text: string } {
  const { document } = parseHTML("<html><body><p></p></body></html>");
  const paragraph = document.querySelector("p") as unknown as HTMLElement;
  paragraph.append(cueFragment(parseCueText(text), document as unknown as Document, down));
  return { html: paragraph.innerHTML, text: paragraph.textContent ?? "" };
}

describe("cue text", () => {
  it("keeps emphasis, ruby and line breaks", () => {
    expect(shown("a <i>b</i> <b>c</b> <u>d</u>\ne").html).toBe("a <i>b</i> <b>c</b> <u>d</u>\ne");
    expect(shown("<ruby>灯<rt>あか</rt></ruby>り").html).toBe("<ruby>灯<rt>あか</rt></ruby>り");
  });

  it("sets short numbers upright in columns", () => {
    const upright = (text: string) => `<span class="pv-upright">${text}</span>`;
    expect(shown("<i>12月</i>の2026年、3.5だ!?", true).html).toBe(`<i>${upright("12")}月</i>の2026年、3.5だ${upright("!?")}`);
    expect(shown("12月").html).toBe("12月");
  });

  it("names the speaker of a voice and the language of a passage", () => {
    expect(shown("<v.loud Mara Jo>Wait.</v>").html).toBe('<span title="Mara Jo">Wait.</span>');
    expect(shown("<lang fr>Oui</lang>").html).toBe('<span lang="fr">Oui</span>');
  });

  it("drops classes, colours and timestamps, and keeps their text", () => {
    expect(shown("<c.yellow.bg_blue>one</c> <00:00:02.000>two").text).toBe("one two");
  });

  it.each([
    ["<script>alert(1)</script>", "alert(1)"],
    ["<img src=x onerror=alert(1)>pic", "pic"],
    ["<i onclick=alert(1)>x</i>", "x"],
    ['<v "><img src=x onerror=alert(1)>hi', "hi"],
    ["&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"],
    ["&#60;img src=x&#62;", "<img src=x>"],
    ["<constructor>x</constructor>&__proto__;y", "x&__proto__;y"],
  ])("never makes markup of %s", (given, expected) => {
    const { html, text } = shown(given);
    expect(text).toContain(expected);
    expect(html).not.toMatch(/<(script|img|constructor)/i);
    expect(html).not.toMatch(/<[^>]* on\w+=/i);
  });

  it("decodes entities once and leaves unknown ones", () => {
    expect(shown("&amp;lt; &nbsp;&lrm;&#x1F600; &nope; R&B").text).toBe("&lt; \u00a0\u200e😀 &nope; R&B");
  });

  it("survives broken nesting and stray signs", () => {
    expect(shown("<b>a<i>b</b>c</i>").text).toBe("abc");
    expect(shown("1 < 2 and 3 > 2").text).toBe("1 < 2 and 3 > 2");
    expect(shown("</b>x<i>").text).toBe("x");
    expect(shown("a <b").text).toBe("a <b");
  });
});
