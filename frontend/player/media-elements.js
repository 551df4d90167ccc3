// The media-chrome elements the player is made of; importing one defines it. The build imports this
// list too, to learn the inline sheets that the Content-Security-Policy must allow.
export { default as MediaController } from "media-chrome/dist/media-controller.js";
export { default as MediaFullscreenButton } from "media-chrome/dist/media-fullscreen-button.js";
export { default as MediaLoadingIndicator } from "media-chrome/dist/media-loading-indicator.js";
export { default as MediaMuteButton } from "media-chrome/dist/media-mute-button.js";
export { default as MediaPipButton } from "media-chrome/dist/media-pip-button.js";
export { default as MediaPlayButton } from "media-chrome/dist/media-play-button.js";
export { default as MediaTimeRange } from "media-chrome/dist/media-time-range.js";
export { default as MediaVolumeRange } from "media-chrome/dist/media-volume-range.js";
