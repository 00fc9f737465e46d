// Before anything is drawn: the colours chosen on an earlier page.
try {
  const colours = localStorage.getItem("colours");
  if (colours) document.documentElement.dataset.colours = colours;
} catch { /* no storage: as the device */ }
