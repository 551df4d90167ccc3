// The service worker: it shows a message and opens the page that it leads to. It hears of no request of
// any page (no `fetch`), controls none, and keeps nothing.
/// <reference lib="webworker" />
const worker = self as unknown as ServiceWorkerGlobalScope;

interface Message {
  title: string;
  link: string;
  lang: string;
}

worker.addEventListener("push", (event) => {
  const { title, link, lang } = read(event.data);
  event.waitUntil(worker.registration.showNotification(title, { lang, dir: "auto", tag: link, data: link }));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(worker.clients.openWindow(ours(String(event.notification.data))));
});

/** The message; whatever is none shows where it came from, since browsers want something shown. */
function read(data: PushMessageData | null): Message {
  const unread = { title: worker.location.host, link: "/", lang: "" };
  try {
    const said = data?.json() as Partial<Message> | undefined;
    return said?.title ? { ...unread, ...said } : unread;
  } catch {
    return unread;
  }
}

/** A link as long as it leads to us. */
function ours(link: string): string {
  const { origin, pathname, search } = new URL(link, worker.location.origin);
  return origin === worker.location.origin ? pathname + search : "/";
}
