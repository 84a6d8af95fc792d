/** What the pages' programs share: calls of the API as a browser makes them, and grids of either flavour. */
export const pageScript = `
const token = document.querySelector('meta[name=csrf-token]').content
const plain = (text) => new DOMParser().parseFromString(String(text ?? ''), 'text/html').documentElement.textContent
const find = (id) => document.getElementById(id)
async function call(method, url, body) {
  const headers = { 'X-CSRFToken': token, 'X-Requested-With': 'XMLHttpRequest' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const response = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  if (!response.ok) throw new Error('status ' + response.status)
  return response.json()
}
function fill(grid, rows, columns) {
  const isTable = grid.tagName === 'TABLE'
  const holder = grid.querySelector(isTable ? 'tbody' : '.tabulator-table')
  holder.replaceChildren(...rows.map((row) => {
    const line = document.createElement(isTable ? 'tr' : 'div')
    if (!isTable) line.className = 'tabulator-row'
    line.append(...columns.map(([field, text, className]) => {
      const cell = document.createElement(isTable ? 'td' : 'div')
      if (!isTable) cell.className = 'tabulator-cell'
      if (!isTable) cell.setAttribute('tabulator-field', field)
      const inner = document.createElement('span')
      inner.textContent = plain(text(row))
      inner.className = className ? className(row) : ''
      cell.append(inner)
      return cell
    }))
    return line
  }))
}
`

/** An empty grid: a table until 25.1 (jQuery bootgrid), from 25.7 nested blocks (Tabulator). */
export function gridContent(id: string, columns: Readonly<Record<string, string>>, isTabulator: boolean): string {
  const names = Object.entries(columns)
  if (!isTabulator) {
    const heads = names.map(([field, text]) => `<th data-column-id="${field}">${text}</th>`).join('')
    return `<table id="${id}" class="bootgrid-table"><thead><tr>${heads}</tr></thead><tbody></tbody></table>`
  }
  const heads = names.map(([field, text]) => `<div class="tabulator-col" tabulator-field="${field}">${text}</div>`)
  const head = `<div class="tabulator-header">${heads.join('')}</div>`
  return `<div id="${id}" class="tabulator">${head}<div class="tabulator-tableholder"><div class="tabulator-table"></div></div></div>`
}
