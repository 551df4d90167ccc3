// <consent-gate>: the only place of a page where something of others may be loaded. What it loads is a
// frame of ours, which the service fills with the declared snippet as long as it is permitted; this
// element holds it to that, whatever markup somebody put inside.

class ConsentGate extends HTMLElement {
  connectedCallback(): void {
    for (const frame of this.querySelectorAll("iframe")) {
      const ours = new URL(frame.src, location.href).origin === location.origin;
      if (!ours || !frame.sandbox.length) frame.remove();
    }
    this.querySelectorAll("script, object, embed, link").forEach((each) => each.remove());
  }
}

export function defineGate(): void {
  if (!customElements.get("consent-gate")) customElements.define("consent-gate", ConsentGate);
}
