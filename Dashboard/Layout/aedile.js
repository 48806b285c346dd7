// Everything the browser does by itself: the theme, coming back after a silo's restart, and staying signed in.
(() => {
  const year = 365 * 24 * 3600;
  const root = document.documentElement;

  const isDark = () => root.dataset.theme === 'dark'
    || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);

  const setTheme = theme => {
    root.dataset.theme = theme;
    document.cookie = `aedile-theme=${theme}; path=/; max-age=${year}; samesite=strict`;
    document.querySelectorAll('link[data-for]').forEach(link => {
      link.media = link.dataset.for === theme ? 'all' : 'not all';
    });
  };

  document.addEventListener('click', event => {
    if (event.target.closest('[data-action=theme]')) setTheme(isDark() ? 'light' : 'dark');
  });

  // Blazor reports a lost circuit by classes on this element. When the silo is back but the circuit is gone, only a
  // fresh page helps; it is the same page, since the address holds all that matters.
  const modal = document.getElementById('components-reconnect-modal');
  const whenSiloAnswers = async () => {
    try {
      await fetch('/session', { cache: 'no-store' });
      location.reload();
    } catch {
      setTimeout(whenSiloAnswers, 1000);
    }
  };
  let waiting = false;
  new MutationObserver(() => {
    const lost = ['components-reconnect-failed', 'components-reconnect-rejected'];
    if (waiting || !lost.some(name => modal.classList.contains(name))) return;
    waiting = true;
    whenSiloAnswers();
  }).observe(modal, { attributes: true, attributeFilter: ['class'] });

  // A circuit doesn't renew the cookie's sliding life, a request does.
  if (location.pathname !== '/sign-in') {
    setInterval(async () => {
      const answer = await fetch('/session', { cache: 'no-store' }).catch(() => null);
      if (answer?.status === 401) location.reload();
    }, 5 * 60 * 1000);
  }
})();
