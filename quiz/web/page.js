// Where the terminal's socket is, whatever name and path this page was reached by; then textual.js connects.
document.addEventListener("DOMContentLoaded", () => {
  const socket = new URL("ws", window.location.href);
  socket.protocol = window.location.protocol === "https:" ? "wss:" : "ws:";
  socket.search = "";
  document.getElementById("terminal").dataset.sessionWebsocketUrl = socket.href;
  document.getElementById("again").addEventListener("click", () => window.location.reload());
});
window.addEventListener("load", () => {
  const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();
  setTimeout(focus, 0);
  // Over a lost connection Enter begins again, as the button does.
  new MutationObserver(() => {
    if (document.body.classList.contains("-closed")) document.getElementById("again").focus();
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
});
