// A scanner types the zone and ends each line with Enter: the form is sent when the zone is whole. Without this
// script the officer presses Tab and Enter.
(() => {
  const zone = document.getElementById("zone");
  if (!zone) return;
  const whole = () => [72, 88, 90].includes(zone.value.replace(/\s/g, "").length);
  zone.addEventListener("keydown", (e) => {
    if (e.key !== "Enter") return;
    if (whole()) { e.preventDefault(); zone.form.requestSubmit(); }
  });
})();
