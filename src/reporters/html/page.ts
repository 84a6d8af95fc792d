import type { Result } from '../../model/result.ts'
import { drawings } from './drawings.ts'
import { claimsSection, findingsSection, problemsSection } from './findings.ts'
import { identitySection } from './identity.ts'
import { html, trusted } from './markup.ts'
import { measurementsSection } from './measurements.ts'
import { picturesSection } from './pictures.ts'
import { probeCountsSection } from './probe-counts.ts'
import { rolesSection } from './roles.ts'
import { stepsSection } from './steps.ts'
import { style } from './style.ts'
import { summary } from './summary.ts'
import { wireSection } from './wire.ts'

/**
 * `report.html`: one page that explains itself and needs nothing else: no script, no request but for the pictures beside it, readable
 * where style is forbidden.
 * First the verdict, then the drawings, then every number with its evidence.
 */
export function renderHtml(result: Result): string {
  const { scenario, verdict } = result
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${verdict}: ${scenario.scenario} on ${scenario.lab}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <main>
          ${summary(result)} ${drawings(result)} ${findingsSection(result)} ${claimsSection(result)}
          ${measurementsSection(result)} ${probeCountsSection(result)} ${rolesSection(result)} ${wireSection(result)}
          ${picturesSection(result)} ${stepsSection(result)} ${problemsSection(result)} ${identitySection(result)}
        </main>
      </body>
    </html> `
  return page.text
}
