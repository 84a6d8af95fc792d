import { Command } from 'commander'
import type { ExitCode } from '../model/failure.ts'
import { commands } from './commands.ts'
import type { OptionsOf } from './commands.ts'
import {
  confirmOption,
  defectOption,
  instanceOption,
  jobsOption,
  labOption,
  maxDurationOption,
  secretsOption,
  targetOption,
  trialsOption,
} from './options.ts'
import { tool } from './project.ts'
import type { Terminal } from './terminal.ts'

/** What every command gets: where to print, when to stop, and where its exit code goes. */
interface Context {
  terminal: Terminal
  signal: AbortSignal
  finish: (code: ExitCode) => void
}

/** The whole command line. Parsing it runs the command named; `finish` is told the exit code. */
export function firedrillProgram(terminal: Terminal, signal: AbortSignal, finish: Context['finish']): Command {
  const program = new Command('firedrill')
    .description('Fire drills for highly available firewall pairs on Proxmox VE.')
    .version(tool.version)
    .exitOverride()
    .showHelpAfterError('(firedrill --help shows every command)')
  const context = { terminal, signal, finish }
  addRunCommands(program, context)
  addCheckCommands(program, context)
  addRecordingCommands(program, context)
  addLabCommands(program.command('lab').description('keep a lab to play with'), context)
  return program
}

function addRunCommands(program: Command, { terminal, signal, finish }: Context): void {
  program
    .command('run <scenario...>')
    .description('build the lab, run the drill, tear down, judge, report')
    .addOption(targetOption())
    .addOption(labOption())
    .addOption(defectOption())
    .addOption(instanceOption())
    .addOption(secretsOption())
    .addOption(confirmOption())
    .addOption(trialsOption())
    .addOption(jobsOption())
    .addOption(maxDurationOption())
    .option('--resume <folder>', 'go on with the suite of this folder: only what has not ended is drilled')
    .action(async (paths: string[], options: OptionsOf<'run'>) => {
      // Refused before anything else is loaded.
      const scenarios = await (await commands.loadScenarios())(paths)
      finish(await (await commands.run())(scenarios, options, terminal, signal))
    })
  program
    .command('plan <scenario...>')
    .description('what would happen, call by call, without doing it')
    .addOption(targetOption())
    .addOption(instanceOption())
    .addOption(confirmOption())
    .addOption(trialsOption())
    .action(async (paths: string[], place: OptionsOf<'plan'>) =>
      finish(await (await commands.plan())(paths, place, terminal)),
    )
}

function addCheckCommands(program: Command, { terminal, signal, finish }: Context): void {
  program
    .command('doctor [lab]')
    .description('is this machine, or the target and its token, fit for a drill?')
    .addOption(targetOption())
    .action(async (lab: string | undefined, options: { target?: string }) =>
      finish(await (await commands.doctor())(lab, options, terminal, signal)),
    )
  program
    .command('validate <file...>')
    .description('check scenario and lab files only')
    .action(async (paths: string[]) => finish(await (await commands.validate())(paths, terminal)))
  program
    .command('schema')
    .addArgument(program.createArgument('<of>').choices(['scenario', 'lab']))
    .description('JSON Schema of scenario or lab files, for editors')
    .action(async (of: 'scenario' | 'lab') => finish((await commands.schema())(of, terminal)))
}

function addRecordingCommands(program: Command, { terminal, signal, finish }: Context): void {
  program
    .command('analyze <run>')
    .description('judge a recording again')
    .option('--scenario <file>', 'by the expectations and claims of this scenario instead of the recorded ones')
    .action(async (path: string, options: { scenario?: string }) =>
      finish(await (await commands.analyze())(path, options, terminal)),
    )
  program
    .command('report <run>')
    .description('make the reports of a run again')
    .action(async (folder: string) => finish(await (await commands.report())(folder, terminal)))
  program
    .command('recover')
    .description('undo whatever an interrupted run left behind')
    .option('--journal <file>', 'this journal instead of all below reports/')
    .addOption(targetOption())
    .addOption(labOption())
    .action(async (options: Parameters<Awaited<ReturnType<typeof commands.recover>>>[0]) =>
      finish(await (await commands.recover())(options, terminal, signal)),
    )
}

function addLabCommands(lab: Command, { terminal, signal, finish }: Context): void {
  lab
    .command('up [lab]')
    .description('start a lab and keep it')
    .option('--name <name>', 'name to find it again by')
    .addOption(defectOption())
    .addOption(targetOption())
    .addOption(instanceOption())
    .addOption(secretsOption())
    .action(async (file: string | undefined, options: OptionsOf<'labUp'>) =>
      finish(await (await commands.labUp())(file, options, terminal, signal)),
    )
  lab
    .command('down [name]')
    .description('end a kept lab; with a target, remove everything of a provisioned one')
    .addOption(targetOption())
    .addOption(instanceOption())
    .option('--orphans', 'remove what lost runs left on the target')
    .action(async (name: string | undefined, options: OptionsOf<'labDown'>) =>
      finish(await (await commands.labDown())(name, options, terminal, signal)),
    )
  lab
    .command('status [name]')
    .description('machines, roles and addresses of a kept lab')
    .action(async (name: string | undefined) => finish(await (await commands.status())(name, terminal, signal)))
  lab
    .command('shell <machine>')
    .description('a shell on a machine of a kept lab')
    .addOption(labOption())
    .action(async (machine: string, options: { lab?: string }) =>
      finish(await (await commands.shell())(machine, options.lab)),
    )
}
