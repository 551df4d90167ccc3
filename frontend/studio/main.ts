// Entry of the studio island: turns the plain form of an edition into the editor.
import "./tools.css";
import "./studio.css";
import "./wave.css";
import { Room } from "./room";

for (const root of document.querySelectorAll<HTMLElement>("[data-studio]")) void new Room(root).begin();
