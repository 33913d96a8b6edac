// Before anything is drawn: the colours that this reader has chosen, so that the page does not flash in others.

document.documentElement.dataset.theme = localStorage.getItem("luigi-theme") ?? "auto";
