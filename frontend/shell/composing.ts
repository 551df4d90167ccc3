/** Whether a key press is the input method's own: Enter then takes a word, arrows choose among words, Escape
 *  drops one. Safari ends a composition before it tells of the key that ended it, and marks that key 229. */
export function composes(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
