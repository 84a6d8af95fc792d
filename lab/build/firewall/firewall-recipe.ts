import { type Choices, type Recipe, type Step, namesOf, templateTag, writeFile } from '../recipe.ts'
import { claimStep, templateStep, undoStep, workFolder } from '../vm-steps.ts'
import { type Turn, expectScript } from './dialogue.ts'
import { products } from './products.ts'

const offWithinSeconds = 180

/**
 * Makes a firewall's template from its installation ISO over a serial console. SeaBIOS, since its screen is shown on the serial
 * line and it has no Secure Boot, which refuses these systems. Throws for an unknown product or without an ISO.
 */
export function firewallRecipe(choices: Choices): Recipe {
  const product = products[choices.image.split('-')[0] ?? '']
  if (product === undefined)
    throw new Error(`expected an image like opnsense-25.7 or pfsense-2.8, got ${choices.image}`)
  if (choices.iso === undefined)
    throw new Error(`expected --iso, the installation ISO of ${choices.image} as a volume like local:iso/x.iso`)
  const { vmid } = choices
  return {
    template: namesOf(choices),
    steps: [
      claimStep(choices),
      {
        title: 'tools of the node',
        script:
          'command -v expect >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends expect',
      },
      createStep(choices, choices.iso),
      dialogueStep('install from the ISO', vmid, 'install', product.install),
      afterInstallStep(vmid),
      dialogueStep('put in hooks and settings', vmid, 'equip', product.equip),
      offStep(vmid),
      templateStep(choices),
      { title: 'clean up', script: `rm -rf ${workFolder(vmid)}` },
    ],
    undo: undoStep(choices),
  }
}

function createStep(choices: Choices, iso: string): Step {
  const { vmid, storage, bridge } = choices
  const { name } = namesOf(choices)
  return {
    title: 'VM',
    script: `qm create ${vmid} --name ${name} --tags ${templateTag} --ostype other --machine q35 --bios seabios --cores 2 --memory 3072 \\
  --scsihw virtio-scsi-single --scsi0 ${storage}:20,discard=on --net0 virtio,bridge=${bridge},firewall=0 \\
  --serial0 socket --vga serial0 --agent enabled=1 --ide2 ${iso},media=cdrom --boot 'order=scsi0;ide2'`,
  }
}

/** The console is opened first, so that not even the boot menu is missed. */
function dialogueStep(title: string, vmid: number, name: string, turns: readonly Turn[]): Step {
  const file = `${workFolder(vmid)}/${name}.exp`
  return {
    title,
    script: `mkdir -p ${workFolder(vmid)}
${writeFile(file, expectScript(vmid, turns))}
qm start ${vmid}
expect -f ${file}`,
  }
}

/** The installer reboots into the disk, or waits: either way the ISO comes out and the next start is a clean one. */
function afterInstallStep(vmid: number): Step {
  return {
    title: 'take the ISO out',
    script: `sleep 5
qm stop ${vmid}
qm set ${vmid} --delete ide2
qm set ${vmid} --boot order=scsi0`,
  }
}

function offStep(vmid: number): Step {
  return {
    title: 'wait for the power-off',
    script: `qm wait ${vmid} --timeout ${offWithinSeconds}
qm status ${vmid} | grep -q stopped`,
  }
}
