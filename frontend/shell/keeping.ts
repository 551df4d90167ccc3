// The buttons that put a title aside, as one's favourite or under what one follows: at once, and taken
// back where the service says no. Without script each is a button of a form (components/keeping.html).

interface Answer {
  on?: boolean;
  go?: string;
  said?: string;
}

export function enhanceKeeping(page: Document): void {
  page.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-keep]");
    const sent = button?.form;
    if (!button || !sent || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (button.ariaBusy !== "true") void press(page, button, sent.action);
  });
}

async function press(page: Document, button: HTMLButtonElement, address: string): Promise<void> {
  const put = button.name === "put";
  const twins = [...page.querySelectorAll<HTMLButtonElement>("button[data-keep]")].filter((each) => each.value === button.value);
  const show = (on: boolean): void => twins.forEach((each) => turn(each, on));
  // All of them: of two answers to opposite presses the first may come last.
  for (const each of twins) each.ariaBusy = "true";
  show(put);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json" },
      keepalive: true,
      body: new URLSearchParams({ [put ? "put" : "take"]: button.value }),
    });
    const answer = (await response.json()) as Answer;
    if (response.ok) {
      show(answer.on ?? put);
      say(page, form(page)[put ? "put" : "take"] ?? "", button);
      return;
    }
    show(!put);
    if (answer.go) location.assign(answer.go);
    else say(page, answer.said ?? "", undefined);
  } catch {
    show(!put);
    say(page, form(page).failed ?? "", undefined);
  } finally {
    for (const each of twins) each.ariaBusy = null;
  }
}

/** The words that the shell's form carries. */
function form(page: Document): DOMStringMap {
  return page.getElementById("keep")?.dataset ?? {};
}

/** Makes a button say what pressing it would do now: the one of its two faces, or a poster's one word. */
function turn(button: HTMLButtonElement, on: boolean): void {
  button.name = on ? "take" : "put";
  const word = button.querySelector("[data-word]");
  if (word) word.textContent = form(button.ownerDocument)[on ? "off" : "later"] ?? "";
  const faces = button.querySelectorAll<HTMLElement>("[data-when]");
  for (const face of faces) face.hidden = (face.dataset.when === "on") !== on;
}

/** Says at the foot of the window what was done, with a button that takes it back. */
function say(page: Document, words: string, undo: HTMLButtonElement | undefined): void {
  page.getElementById("kept-said")?.remove();
  if (!words) return;
  const said = page.createElement("div");
  said.id = "kept-said";
  said.role = "status";
  said.append(words);
  const back = form(page).undo;
  if (undo && back) {
    const button = page.createElement("button");
    button.className = "link";
    button.textContent = back;
    button.addEventListener("click", () => {
      said.remove();
      undo.focus();
      undo.click();
    });
    said.append(" ", button);
  }
  page.body.append(said);
  setTimeout(() => said.matches(":hover, :focus-within") || said.remove(), 8000);
}
