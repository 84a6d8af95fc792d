import { type Choices, type Step, namesOf, templateTag } from './recipe.ts'

/** The first step of all: the VMID has to be free, or hold a template of ours that may be replaced. */
export function claimStep(choices: Choices): Step {
  const { vmid, replaces } = choices
  const { name } = namesOf(choices)
  const refuse = (why: string) => `{ echo "VMID ${vmid}: ${why}" >&2; exit 1; }`
  const removal = replaces
    ? [
        `  qm config ${vmid} | grep -q '^tags:.*${templateTag}' || ${refuse(`is not tagged ${templateTag} and is left alone`)}`,
        `  qm destroy ${vmid} --purge 1`,
      ]
    : [`  ${refuse('is taken; --replace removes it if it is a template of ours')}`]
  return {
    title: `VMID ${vmid} for ${name}`,
    script: [`if qm config ${vmid} >/dev/null 2>&1; then`, ...removal, 'fi'].join('\n'),
  }
}

/** The last step: the VM becomes the template. Its clones get their NICs whole, hence it has none. */
export function templateStep({ vmid }: Choices): Step {
  return { title: 'template', script: `qm set ${vmid} --delete net0 2>/dev/null || :\nqm template ${vmid}` }
}

/** Removes a half-made VM and the work folder. Only a VM that is tagged as ours. */
export function undoStep({ vmid }: Choices): Step {
  return {
    title: 'remove what was made',
    script: [
      `if qm config ${vmid} 2>/dev/null | grep -q '^tags:.*${templateTag}'; then`,
      `  qm stop ${vmid} 2>/dev/null || :`,
      `  qm destroy ${vmid} --purge 1`,
      'fi',
      `rm -rf ${workFolder(vmid)}`,
    ].join('\n'),
  }
}

/** Where files wait on the node until they are in the disk. */
export const workFolder = (vmid: number): string => `/var/tmp/firedrill-build-${vmid}`
