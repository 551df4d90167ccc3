// The island of the page on which films are put on.
import { enhanceUpload, type Arrival } from "./form.js";

const told = document.querySelector("[data-arrivals]")?.textContent ?? "[]";
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-upload]")) {
  enhanceUpload(form, JSON.parse(told) as Arrival[]);
}
