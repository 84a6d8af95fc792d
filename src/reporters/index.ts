import type { Result } from '../model/result.ts'
import { renderHtml } from './html/page.ts'
import { renderJunit } from './junit.ts'
import { renderTap } from './tap.ts'
import { renderVerdictJson } from './verdict-json.ts'

export { summarize } from './summary.ts'

/** Every file that a run's folder gets besides its recording: name and renderer, a pure function of the result. */
export const reporters = {
  'verdict.json': renderVerdictJson,
  'junit.xml': (result) => renderJunit([result]),
  'run.tap': renderTap,
  'report.html': renderHtml,
} as const satisfies Record<string, (result: Result) => string>
