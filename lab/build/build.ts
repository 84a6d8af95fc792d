import { $ } from 'zx'
import { firewallRecipe } from './firewall/firewall-recipe.ts'
import { linuxRecipe } from './linux/linux-recipe.ts'
import { linuxRoles } from './linux/roles.ts'
import type { BuildOptions } from './options.ts'
import type { Recipe, Step } from './recipe.ts'

/** The recipe for what the options name. Throws an Error of one line. */
export const recipeFor = (options: BuildOptions): Recipe =>
  options.image in linuxRoles ? linuxRecipe(options) : firewallRecipe(options)

/** Reads the whole script before it runs any of it: its commands must not read the rest from their standard input. */
const shell = `sh -euc 'eval "$(cat)"'`

/** Every command as it would be run, one after the other. */
export function dryRun({ steps }: Recipe, ssh: string | null): string {
  const where = ssh === null ? shell : `ssh -o BatchMode=yes ${ssh} "${shell.replaceAll(/["$]/g, '\\$&')}"`
  return steps.map(({ title, script }) => `# ${title}\n${where} <<'STEP'\n${script}\nSTEP\n`).join('\n')
}

/** Runs the steps on the node; a failure, or an interruption, removes what was made. */
export async function build(recipe: Recipe, ssh: string | null, say: (text: string) => void): Promise<void> {
  for (const [index, step] of recipe.steps.entries()) {
    say(`${index + 1}/${recipe.steps.length} ${step.title}`)
    try {
      await runOnNode(step, ssh)
    } catch (cause) {
      // The first step has made nothing: what is there is not ours.
      if (index > 0) await runOnNode(recipe.undo, ssh).catch(() => say('could not remove what was made: do it by hand'))
      throw new Error(`${step.title}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }
  say(`${recipe.template.name} is template ${recipe.template.vmid}`)
}

async function runOnNode({ script }: Step, ssh: string | null): Promise<void> {
  const run = $({ input: `${script}\n`, stdio: ['pipe', 'inherit', 'inherit'] })
  await (ssh === null ? run`sh -c ${shell}` : run`ssh -o BatchMode=yes ${ssh} ${shell}`)
}
