// Messages are turned on once: a second press on a slow line would end the address that was just sent.
import { parseHTML } from "linkedom";
import { beforeEach, expect, test, vi } from "vitest";

let dom: ReturnType<typeof parseHTML>;
let given: number;
let sent: number;

beforeEach(async () => {
  vi.resetModules();
  dom = parseHTML('<html><body><form data-push="key"><button hidden>On</button><p data-push-said="failed" hidden></p></form></body></html>');
  [given, sent] = [0, 0];
  vi.stubGlobal("document", dom.document);
  vi.stubGlobal("window", { PushManager: true, Notification: true });
  vi.stubGlobal("HTMLInputElement", dom.HTMLInputElement);
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("Notification", { permission: "granted", requestPermission: () => Promise.resolve("granted") });
  const form = dom.document.querySelector("form") as unknown as HTMLFormElement;
  Object.defineProperty(form, "elements", { value: { namedItem: () => null } });
  form.submit = () => void (sent += 1);
});

async function turnedOn(subscribe: () => Promise<object>): Promise<HTMLButtonElement> {
  const pushManager = { getSubscription: () => Promise.resolve(null), subscribe };
  const registration = { active: {}, pushManager, unregister: () => Promise.resolve(true) };
  const serviceWorker = { register: () => Promise.resolve(registration), getRegistration: () => Promise.resolve(registration) };
  vi.stubGlobal("navigator", { serviceWorker });
  await import("../main.js");
  const button = dom.document.querySelector("button") as unknown as HTMLButtonElement;
  dom.document.querySelector("form")?.dispatchEvent(new dom.Event("submit", { bubbles: true, cancelable: true }));
  expect(button.disabled).toBe(true);
  await new Promise((done) => setTimeout(done, 20));
  return button;
}

test("the button stays shut while the address is on its way", async () => {
  const button = await turnedOn(() => {
    given += 1;
    return Promise.resolve({ toJSON: () => ({ endpoint: "https://push.example/1", keys: {} }) });
  });
  expect([given, sent, button.disabled]).toEqual([1, 1, true]);
});

test("where the browser's service can't be reached it may be pressed again", async () => {
  const button = await turnedOn(() => Promise.reject(new Error("no network")));
  expect([sent, button.disabled]).toEqual([0, false]);
  expect(dom.document.querySelector("p")?.hidden).toBe(false);
});
