import { dirname } from 'node:path'
import { type Choices, type Recipe, type Step, namesOf, templateTag, writeFile } from '../recipe.ts'
import { claimStep, templateStep, undoStep, workFolder } from '../vm-steps.ts'
import { type GuestFile, type LinuxRole, cloudInitFile, linuxRoles } from './roles.ts'

const debian = 'https://cloud.debian.org/images/cloud/bookworm/latest'
const debianImage = 'debian-12-genericcloud-amd64.qcow2'
const node = { version: 'v24.21.0', site: 'https://nodejs.org/dist' }

/** Makes `fake-isp`, `client` or `target` from Debian's cloud image. Throws for another image. */
export function linuxRecipe(choices: Choices): Recipe {
  const role = linuxRoles[choices.image]
  if (role === undefined)
    throw new Error(`expected a Linux image of ${Object.keys(linuxRoles).join(', ')}, got ${choices.image}`)
  const files = [cloudInitFile, ...role.files()]
  return {
    template: namesOf(choices),
    steps: [
      claimStep(choices),
      toolsStep,
      downloadStep(choices),
      filesStep(choices, files),
      customizeStep(choices, role, files),
      createStep(choices),
      templateStep(choices),
      { title: 'clean up', script: `rm -rf ${workFolder(choices.vmid)}` },
    ],
    undo: undoStep(choices),
  }
}

const toolsStep: Step = {
  title: 'tools of the node',
  script: `command -v virt-customize >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libguestfs-tools
command -v xz >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends xz-utils`,
}

/** Both downloads are held against the checksums beside them. */
function downloadStep({ vmid }: Choices): Step {
  const archive = `node-${node.version}-linux-x64.tar.xz`
  return {
    title: 'Debian and Node',
    script: `mkdir -p ${workFolder(vmid)}/files
cd ${workFolder(vmid)}
wget -q ${debian}/${debianImage} ${debian}/SHA512SUMS
grep ' ${debianImage}$' SHA512SUMS | sha512sum -c -
wget -q ${node.site}/${node.version}/${archive} ${node.site}/${node.version}/SHASUMS256.txt
grep ' ${archive}$' SHASUMS256.txt | sha256sum -c -
tar -xJf ${archive} --strip-components=2 node-${node.version}-linux-x64/bin/node
chmod 0755 node`,
  }
}

function filesStep({ vmid }: Choices, files: readonly GuestFile[]): Step {
  const writes = files.map(({ path, content }, index) => `# ${path}\n${writeFile(waiting(vmid, index), content)}`)
  return { title: 'files of the machine', script: writes.join('\n') }
}

/** Nothing that makes a machine itself may be in the template: host keys, machine id, logs. */
function customizeStep({ vmid }: Choices, role: LinuxRole, files: readonly GuestFile[]): Step {
  const folders = [...new Set(['/opt/firedrill/bin', ...files.map(({ path }) => dirname(path))])]
  const options = [
    `--install ${role.packages.join(',')}`,
    ...folders.map((folder) => `--mkdir ${folder}`),
    `--upload ${workFolder(vmid)}/node:/opt/firedrill/bin/node`,
    '--chmod 0755:/opt/firedrill/bin/node',
    '--link /opt/firedrill/bin/node:/usr/local/bin/node',
    ...files.flatMap(({ path, mode }, index) => [
      `--upload ${waiting(vmid, index)}:${path}`,
      `--chmod ${mode}:${path}`,
    ]),
    ...[...role.enabled, 'qemu-guest-agent.service', 'ssh.service'].map(
      (unit) => `--run-command 'systemctl enable ${unit} || :'`,
    ),
    ...role.disabled.map((unit) => `--run-command 'systemctl disable ${unit}'`),
    `--run-command 'cloud-init clean --logs --seed'`,
    `--run-command 'rm -f /etc/ssh/ssh_host_*_key*'`,
    '--truncate /etc/machine-id',
  ]
  const command = [`virt-customize -a ${workFolder(vmid)}/${debianImage}`, ...options].join(' \\\n  ')
  return { title: 'packages and files into the disk', script: `export LIBGUESTFS_BACKEND=direct\n${command}` }
}

function createStep(choices: Choices): Step {
  const { vmid, storage } = choices
  const { name } = namesOf(choices)
  const disk = `${storage}:0,import-from=${workFolder(vmid)}/${debianImage},discard=on`
  return {
    title: 'VM',
    script: `qm create ${vmid} --name ${name} --tags ${templateTag} --ostype l26 --machine q35 --cores 1 --memory 1024 \\
  --scsihw virtio-scsi-single --agent enabled=1 --serial0 socket --vga serial0
qm set ${vmid} --scsi0 ${disk}
qm disk resize ${vmid} scsi0 4G
qm set ${vmid} --boot order=scsi0`,
  }
}

const waiting = (vmid: number, index: number): string => `${workFolder(vmid)}/files/${index}`
