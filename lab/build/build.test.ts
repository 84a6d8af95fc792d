import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ispProgram } from '../images/isp-program.ts'
import { vpnProgram } from '../images/vpn-program.ts'
import { dryRun, recipeFor } from './build.ts'
import { images, readBuildOptions } from './options.ts'

const isFirewall = (image: string) => /sense-/.test(image)
const optionsOf = (image: string, ...more: string[]) => {
  const iso = isFirewall(image) ? ['--iso', `local:iso/${image}.iso`] : []
  return readBuildOptions([image, '--storage', 'local-lvm', ...iso, ...more])
}
const scriptsOf = (image: string, ...more: string[]) => {
  const recipe = recipeFor(optionsOf(image, ...more))
  return [...recipe.steps, recipe.undo].map(({ script }) => script)
}
const textOf = (image: string, ...more: string[]) => dryRun(recipeFor(optionsOf(image, ...more)), null)

/** What the here-documents of a script decode to, by the file that they go to. */
function filesIn(text: string): Map<string, string> {
  const found = text.matchAll(/base64 -d >(\S+) <<'END'\n([\s\S]*?)\nEND/g)
  return new Map([...found].map(([, path = '', encoded = '']) => [path, Buffer.from(encoded, 'base64').toString()]))
}

describe.each(images)('the template of %s', (image) => {
  it.each(scriptsOf(image).map((script, index): [number, string] => [index + 1, script]))(
    'step %i is a shell script',
    (_, script) => {
      expect(spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' }).stderr).toBe('')
    },
  )

  it('has the name under which provisioning looks for it, the tag and its own VMID', () => {
    const vmid = 9001 + images.indexOf(image)
    expect(textOf(image)).toContain(
      `qm create ${vmid} --name firedrill-${image.replaceAll('.', '-')} --tags firedrill-template `,
    )
  })

  it('is claimed, made and turned into a template, in that order', () => {
    const text = textOf(image)
    const places = ['is taken', 'qm create', 'qm template'].map((words) => text.indexOf(words))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
  })

  it('has a serial console, an agent and no Secure Boot', () => {
    const text = textOf(image)
    for (const setting of ['--machine q35', '--serial0 socket', '--agent enabled=1']) expect(text).toContain(setting)
    expect(text).not.toMatch(/efidisk|pre-enrolled-keys/)
  })
})

it('somebody else’s VM is left alone: replacing and undoing ask for our tag first', () => {
  const [claim] = scriptsOf('client', '--replace')
  expect(claim).toMatch(/grep -q '\^tags:\.\*firedrill-template' \|\| \{ .*exit 1; \}\n {2}qm destroy 9002/)
  expect(scriptsOf('client').at(-1)).toMatch(/grep -q '\^tags:\.\*firedrill-template'; then\n.*\n {2}qm destroy 9002/)
  expect(scriptsOf('client')[0]).not.toContain('qm destroy')
})

it('the whole script is read before its first command could read from it', () => {
  const text = dryRun(recipeFor(optionsOf('client')), null)
  const ran = execFileSync('sh', ['-c', `${text.match(/^sh -euc .*(?= <<)/m)?.[0]} <<'STEP'\ncat\necho after\nSTEP`], {
    encoding: 'utf8',
  })
  expect(ran).toBe('after\n')
})

it('over SSH the same script goes through a shell of the node', () => {
  const [line = ''] = dryRun(recipeFor(optionsOf('client')), 'root@pve1').match(/^ssh .*(?= <<)/m) ?? []
  const seen = execFileSync('sh', ['-c', `ssh() { shift 3; printf '%s' "$*"; }; ${line}`], { encoding: 'utf8' })
  expect(seen).toBe(`sh -euc 'eval "$(cat)"'`)
})

describe('Linux', () => {
  it('downloads are held against their checksums before they are used', () => {
    const text = textOf('client')
    const places = ['SHA512SUMS | sha512sum -c', 'SHASUMS256.txt | sha256sum -c', 'tar -xJf', 'virt-customize -a'].map(
      (words) => text.indexOf(words),
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('the target has the embedded lab’s own servers, started by systemd', () => {
    const text = textOf('target')
    const files = [...filesIn(text).values()]
    expect(files).toContain(readFileSync(join(import.meta.dirname, '../images/echo-server.ts'), 'utf8'))
    expect(files.join('\n')).toContain('ExecStart=/opt/firedrill/bin/node /opt/firedrill/images/echo-server.ts')
    for (const unit of ['echo-server', 'udp-reflector', 'syslog-server', 'web-server'])
      expect(text).toContain(`systemctl enable firedrill-${unit}.service`)
  })

  it('the VPN endpoint has the embedded lab’s own program, and serves nothing before it has run', () => {
    const text = textOf('vpn-endpoint')
    expect([...filesIn(text).values()]).toContain(vpnProgram)
    expect(text).toMatch(/--install \S*\bopenvpn\b/)
    for (const unit of ['openvpn', 'nftables']) expect(text).toContain(`systemctl disable ${unit}.service`)
  })

  it('the provider has the embedded lab’s own program, and serves nothing before it has run', () => {
    const text = textOf('fake-isp')
    expect([...filesIn(text).values()]).toContain(ispProgram)
    expect(text).toContain('--chmod 0755:/usr/local/sbin/firedrill-isp')
    for (const unit of ['dnsmasq', 'nftables']) expect(text).toContain(`systemctl disable ${unit}.service`)
  })

  it.each([
    ['client', ['fping', 'openssh-client', 'qemu-guest-agent']],
    ['target', ['openssh-server', 'qemu-guest-agent']],
    ['fake-isp', ['dnsmasq', 'nftables', 'qemu-guest-agent']],
  ])('%s has its packages, and Node where the embedded lab has it', (image, packages) => {
    const installed = /--install (\S+)/.exec(textOf(image))?.[1]?.split(',')
    expect(installed).toEqual(expect.arrayContaining(packages))
    expect(textOf(image)).toContain(':/opt/firedrill/bin/node')
  })

  it('nothing that makes a machine itself stays in the template', () => {
    for (const words of ['/etc/ssh/ssh_host_', '--truncate /etc/machine-id', 'cloud-init clean'])
      expect(textOf('client')).toContain(words)
  })
})

it('a command line is refused with what was expected', () => {
  expect(() => readBuildOptions(['router', '--storage', 'local'])).toThrow('expected one IMAGE of fake-isp, client')
  expect(() => readBuildOptions(['client'])).toThrow('expected --storage S, got nothing')
  expect(() => readBuildOptions(['client', '--storage', 'a;b'])).toThrow('expected --storage S, got a;b')
  expect(() => recipeFor(readBuildOptions(['opnsense-25.7', '--storage', 'local']))).toThrow('expected --iso')
})
