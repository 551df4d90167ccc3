// The sentence one ticks names the age of the place one lives in: it changes with the place.

interface Spoken {
  sentence: string;
  unknown: string;
  adult: number;
  ages: Record<string, number>;
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-certify]")) {
  const place = form.querySelector<HTMLSelectElement>("[data-territory]");
  const shown = form.querySelector<HTMLInputElement>("[data-age]");
  const box = form.querySelector<HTMLInputElement>("[name=certified]");
  const label = box?.labels?.[0];
  const spoken = JSON.parse(form.querySelector("[data-spoken]")?.textContent ?? "null") as Spoken | null;
  if (!place || !shown || !box || !label || !spoken) continue;
  place.addEventListener("change", () => {
    const age = spoken.ages[place.value] ?? spoken.adult;
    const name = place.selectedOptions[0]?.text ?? "";
    label.textContent = place.value
      ? spoken.sentence.replace("{age}", String(age)).replace("{place}", name)
      : spoken.unknown;
    shown.value = place.value ? String(age) : "";
    box.checked = false;
  });
}
