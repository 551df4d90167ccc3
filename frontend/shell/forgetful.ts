// htmx writes the address of every page, search words included, into the window's storage and has no
// setting against it. Nothing here needs that, nobody chose it, and it isn't declared: it isn't kept.
const keep = Storage.prototype.setItem;

Storage.prototype.setItem = function (this: Storage, name: string, value: string): void {
  if (!name.startsWith("htmx")) keep.call(this, name, value);
};
