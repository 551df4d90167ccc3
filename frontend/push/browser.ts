// What a browser keeps for messages: one registration of the worker, under a folder that has no pages, so
// that it controls none.
const FOLDER = "/push/";
const SCRIPT = `${FOLDER}worker.js`;

/** Whether this browser takes messages from sites at all. */
export function takesMessages(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** Registers the worker and has the browser's push service give out an address for `key`, ours. */
export async function begin(key: string): Promise<PushSubscription> {
  const registration = await navigator.serviceWorker.register(SCRIPT, { scope: FOLDER, updateViaCache: "none" });
  await active(registration);
  // An address that was made for another key of ours is of no use.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** Lets go of the address and of the worker, if there is one. */
export async function endMessages(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.getRegistration(FOLDER);
    if (!registration) return;
    await (await registration.pushManager?.getSubscription())?.unsubscribe();
    await registration.unregister();
  } catch {
    // storage is off: then nothing lies there
  }
}

function active(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  if (!worker || registration.active) return Promise.resolve();
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("redundant"));
    });
  });
}
