import type { ImageInput, RenderedImage } from './image.ts'
import { bootScript, networkLines } from './linux-network.ts'

/** A server beyond the ISP: TCP echo on port 7 and SSH on port 22, where the clients of the lab may log in as root. */
export function renderTarget(input: ImageInput): RenderedImage {
  const lines = [
    ...networkLines(input),
    'sh -c "while :; do /opt/firedrill/bin/node /opt/firedrill/images/echo-server.*s; sleep 1; done" > /var/log/echo.log 2>&1 &',
    '/usr/sbin/sshd -D -e 2> /var/log/sshd.log &',
  ]
  return {
    nicPrefix: 'eth',
    files: {
      '/etc/firedrill/boot': { content: bootScript(['mkdir -p /run/sshd', ...lines]) },
      '/etc/firedrill/inside_keys': { content: `${input.insideKey.publicKey}\n`, mode: 0o600 },
    },
  }
}
