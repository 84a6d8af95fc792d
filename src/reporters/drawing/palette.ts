/** Colours of the drawings: distinguishable without red-green vision and in grey; each also has its own shape or hatching. */
export const palette = {
  ink: '#1b2530',
  quiet: '#5b6875',
  grid: '#e3e8ed',
  healthy: '#2b6f8f',
  late: '#c77700',
  lost: '#a3142a',
  lostSoft: '#f1c9cf',
  fault: '#fdeeea',
  faultLine: '#a3142a',
  heal: '#eaf2fb',
  healLine: '#1f5f99',
  limit: '#efe9f7',
  limitLine: '#6b4aa0',
  master: '#1f4e79',
  backup: '#d5e3ef',
  init: '#f5e2b8',
  session: '#cfe6dd',
  stall: '#e8b35c',
} as const

/** System fonts, so that a page needs nothing from elsewhere. */
export const fontFamily = 'system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, Arial, sans-serif'
