// Entry of the player island: mounts every player on the page.
import "./player.css";
import { mountPlayer } from "./player";

for (const container of document.querySelectorAll<HTMLElement>("[data-player]")) mountPlayer(container);
