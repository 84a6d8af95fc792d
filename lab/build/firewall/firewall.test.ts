import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { dryRun, recipeFor } from '../build.ts'
import { readBuildOptions } from '../options.ts'
import { expectScript } from './dialogue.ts'
import { importHook, mountHook, wanHook } from './hooks.ts'

const recipeOf = (image: string) =>
  recipeFor(readBuildOptions([image, '--storage', 'local-lvm', '--iso', `local:iso/${image}.iso`]))

/** The dialogues of a recipe, as they are run by expect. */
const dialoguesOf = (image: string) =>
  [...dryRun(recipeOf(image), null).matchAll(/base64 -d >\S+\.exp <<'END'\n([\s\S]*?)\nEND/g)].map(([, encoded = '']) =>
    Buffer.from(encoded, 'base64').toString(),
  )

/** The files that a dialogue types, decoded. */
function typedFiles(dialogue: string): Map<string, string> {
  const files = new Map<string, string>()
  let encoded = ''
  for (const [, piece, path] of dialogue.matchAll(
    /send -- "(?:echo (\S+) >>\/tmp\/firedrill\.b64|b64decode -r \S+ >(\S+) )/g,
  )) {
    encoded += piece ?? ''
    if (path === undefined) continue
    files.set(path, Buffer.from(encoded, 'base64').toString())
    encoded = ''
  }
  return files
}

describe.each([
  ['opnsense-25.7', '/conf'],
  ['pfsense-2.8', '/cf/conf'],
])('%s', (image, conf) => {
  it('is installed from its ISO, loses it, is equipped, and is off before it becomes a template', () => {
    const text = dryRun(recipeOf(image), null)
    const order = [
      'media=cdrom',
      'install.exp',
      '--delete ide2',
      'equip.exp',
      'qm wait',
      'grep -q stopped',
      'qm template',
    ]
    const places = order.map((words) => text.indexOf(words))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('gets the serial console and no hardware checksums by loader settings', () => {
    const settings = typedFiles(dialoguesOf(image)[1] ?? '').get('/boot/loader.conf.local')
    expect(settings).toContain('hw.vtnet.csum_disable="1"')
    expect(settings).toContain('console="comconsole"')
  })

  it('takes its configuration from the CD by the embedded lab’s own hook, after the CD is mounted', () => {
    const files = [...typedFiles(dialoguesOf(image)[1] ?? '').values()]
    expect(files.indexOf(importHook(conf))).toBeGreaterThan(files.indexOf(mountHook))
    expect(files).toContain(mountHook)
  })

  it('keeps no host keys, and is powered off last', () => {
    const commands = [...(dialoguesOf(image)[1] ?? '').matchAll(/send -- "(.*)"/g)].map(([, command = '']) => command)
    expect(commands.some((command) => /^rm .*sshd/.test(command))).toBe(true)
    expect(commands.at(-1)).toBe('sync; shutdown -p now\\r')
  })

  it('its console is spoken to in balanced Tcl', () => {
    for (const dialogue of dialoguesOf(image)) {
      expect(dialogue.split('{').length).toBe(dialogue.split('}').length)
      expect(dialogue.match(/send -- "(?:[^"\\]|\\.)*"$/gm)?.length).toBe(dialogue.match(/^send /gm)?.length)
      expect(dialogue).not.toMatch(/send -- ".*[^\\][$[]/)
    }
  })
})

it('OPNsense runs the hooks early and the WAN hook on CARP events', () => {
  expect([...typedFiles(dialoguesOf('opnsense-25.7')[1] ?? '').keys()]).toEqual([
    '/boot/loader.conf.local',
    '/usr/local/etc/rc.syshook.d/early/04-firedrill-disc',
    '/usr/local/etc/rc.syshook.d/early/05-firedrill-config',
    '/usr/local/etc/rc.syshook.d/carp/10-wancarp',
  ])
})

it.each([mountHook, importHook('/conf')])('a hook is a shell script', (hook) => {
  expect(spawnSync('sh', ['-n'], { input: hook, encoding: 'utf8' }).stderr).toBe('')
})

it('the WAN hook does nothing unless config.xml turns it on, and changes the WAN only when it has to', () => {
  expect(wanHook).toMatch(/\['wanhook'\] \?\? ''\) !== '1'\) \{\n {4}exit\(0\)/)
  expect(wanHook.indexOf("['wanhook']")).toBeLessThan(wanHook.indexOf("'BACKUP'"))
  expect(wanHook.indexOf('$isUp === $shallBeUp')).toBeLessThan(wanHook.indexOf('write_config'))
})

it('a turn types what it is told, Tcl’s own characters escaped', () => {
  const script = expectScript(9004, [{ waitFor: '# $', type: 'echo "$HOME" [x]\\r', seconds: 5 }])
  expect(script).toContain('spawn qm terminal 9004 -iface serial0')
  expect(script).toContain('send -- "echo \\"\\$HOME\\" \\[x]\\r"')
})
