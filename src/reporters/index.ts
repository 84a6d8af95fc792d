import type { Result } from '../model/result.ts'
import type { Sitting, TrialOutcome } from '../model/suite.ts'
import { renderHtml } from './html/page.ts'
import { renderJunit, renderSuiteJunit } from './junit.ts'
import { renderSuiteJson } from './suite-json.ts'
import { renderTap } from './tap.ts'
import { renderVerdictJson } from './verdict-json.ts'

export { summarize } from './summary.ts'
export { summarizeSuite } from './suite-table.ts'

/** Every file that a run's folder gets besides its recording: name and renderer, a pure function of the result. */
export const reporters = {
  'verdict.json': renderVerdictJson,
  'junit.xml': (result) => renderJunit([result]),
  'run.tap': renderTap,
  'report.html': renderHtml,
} as const satisfies Record<string, (result: Result) => string>

/** Every file of a suite's own folder; its trials have folders of their own. */
export const suiteReporters = {
  'junit.xml': renderSuiteJunit,
  'suite.json': renderSuiteJson,
} as const satisfies Record<string, (trials: readonly TrialOutcome[], sittings: readonly Sitting[]) => string>
