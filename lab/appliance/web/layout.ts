import { escapeHtml } from './exchange.ts'

/** A page: what its frame says, and its own content and program. */
export type Page = {
  title: string
  /** `fw1.localdomain`. */
  host: string
  /** `OPNsense 25.7`. */
  product: string
  /** Colour of the frame. */
  accent: string
  /** Class of the body. */
  bodyClass?: string
  /** Links of the menu, by text; none for who is not logged in. */
  menu?: Readonly<Record<string, string>>
  /** HTML. */
  content: string
  /** JavaScript. */
  script?: string
  /** What the page's own calls prove themselves with. */
  token?: string
}

/** Renders a page of the lab firewall's WebGUI. The looks are our own. */
export function renderPage({ title, host, product, accent, bodyClass, menu, content, script, token }: Page): string {
  const links = Object.entries(menu ?? {}).map(([text, href]) => `<a href="${href}">${escapeHtml(text)}</a>`)
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${token === undefined ? '' : `<meta name="csrf-token" content="${escapeHtml(token)}">`}
<link rel="icon" href="data:,">
<title>${escapeHtml(title)} | ${escapeHtml(host)}</title>
<style>:root { --accent: ${accent} }${style}</style>
</head>
<body class="${bodyClass ?? 'page'}">
<header><strong>${escapeHtml(host)}</strong><span>${escapeHtml(product)}, lab firewall</span><nav>${links.join('')}</nav></header>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
${script === undefined ? '' : `<script>${script}</script>`}
</body>
</html>
`
}

const style = `
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: #1d2733; background: #eef1f5 }
header { display: flex; gap: 1rem; align-items: baseline; padding: .7rem 2rem; color: #fff; background: var(--accent) }
header span { opacity: .8; font-size: .9em }
nav { margin-left: auto; display: flex; gap: 1.2rem }
nav a { color: inherit; text-decoration: none; font-size: .9em }
main { max-width: 62rem; margin: 1.5rem auto; padding: 0 2rem }
h1 { font-size: 1.35rem; font-weight: 600; margin: 0 0 1rem }
label[for=mode_filter] { display: flex; gap: .7rem; align-items: center }
h2 { font-size: 1.05rem; font-weight: 600; margin: 1.5rem 0 .6rem }
section, form.card { background: #fff; border: 1px solid #d8dee6; border-radius: 6px; padding: 1rem 1.2rem; margin-bottom: 1rem }
table, .tabulator-table { width: 100%; border-collapse: collapse }
th, td { text-align: left; padding: .45rem .6rem; border-bottom: 1px solid #e6eaf0; font-weight: normal }
th, .tabulator-header { color: #5b6878; font-size: .85em }
.tabulator-row, .tabulator-header { display: grid; grid-auto-columns: 1fr; grid-auto-flow: column; border-bottom: 1px solid #e6eaf0 }
.tabulator-cell, .tabulator-col { padding: .45rem .6rem }
button { font: inherit; padding: .4rem .9rem; border: 0; border-radius: 4px; color: #fff; background: var(--accent); cursor: pointer }
button b { font-weight: 500 }
input, select { font: inherit; padding: .4rem .6rem; border: 1px solid #b9c3cf; border-radius: 4px }
label { display: block; margin-bottom: .8rem }
label input { display: block; width: 100%; margin-top: .2rem }
section > h2:first-child { margin-top: 0 }
.alert { padding: .6rem 1rem; border-radius: 4px; background: #fff4d6; border: 1px solid #ecd28a; margin-bottom: 1rem }
.error { background: #fde3e1; border-color: #e9a9a3 }
.state::before { content: ''; display: inline-block; width: .65em; height: .65em; border-radius: 50%; margin-right: .5em; background: #9aa6b4 }
.MASTER::before { background: #2e9e5b }
.BACKUP::before { background: #4b86c8 }
.INIT::before, .DISABLED::before { background: #c8453b }
[hidden] { display: none !important }
.page-login main { max-width: 24rem; margin-top: 10vh }
.page-login button { width: 100% }
`
