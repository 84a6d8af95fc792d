import { build, dryRun, recipeFor } from './build.ts'
import { readBuildOptions, usage } from './options.ts'

// Ctrl-C ends the command that runs on the node; what was made is then removed, and the program ends by itself.
process.on('SIGINT', () => {})
process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const prepared = prepare(argv)
  if (prepared === null) return 64
  const { recipe, options } = prepared
  if (options.isDryRun) {
    process.stdout.write(dryRun(recipe, options.ssh))
    return 0
  }
  try {
    await build(recipe, options.ssh, (text) => process.stdout.write(`${text}\n`))
    return 0
  } catch (error) {
    complain(error)
    return 69
  }
}

function prepare(argv: readonly string[]) {
  try {
    const options = readBuildOptions(argv)
    return { options, recipe: recipeFor(options) }
  } catch (error) {
    complain(error)
    process.stderr.write(`\n${usage}\n`)
    return null
  }
}

function complain(error: unknown): void {
  process.stderr.write(`firedrill build: ${error instanceof Error ? error.message : String(error)}\n`)
}
