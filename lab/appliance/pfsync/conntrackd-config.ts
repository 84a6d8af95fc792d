import type { TunnelAddresses } from './tunnel.ts'

/**
 * conntrackd.conf: FTFW (acknowledged, repeated on loss), the peer's states straight into the kernel's table.
 * Flows from or to `ignored` addresses, the node's own, are not synchronised.
 */
export function renderConntrackdConfig(addresses: TunnelAddresses, ignored: readonly string[]): string {
  return renderSync(addresses) + renderGeneral(['127.0.0.1', addresses.own, addresses.peer, ...ignored])
}

function renderSync({ own, peer }: TunnelAddresses): string {
  return `Sync {
  Mode FTFW {
    DisableExternalCache On
  }
  UDP {
    IPv4_address ${own}
    IPv4_Destination_Address ${peer}
    Port 3780
    Interface pfsync0
    SndSocketBuffer 4194304
    RcvSocketBuffer 4194304
    Checksum on
  }
}
`
}

function renderGeneral(ignored: readonly string[]): string {
  return `General {
  HashSize 32768
  HashLimit 262144
  LogFile off
  Syslog off
  LockFile /run/lock/conntrackd.lock
  UNIX {
    Path /run/conntrackd.ctl
  }
  NetlinkBufferSize 4194304
  NetlinkBufferSizeMaxGrowth 16777216
  NetlinkOverrunResync On
  Filter From Userspace {
    Protocol Accept {
      TCP
      UDP
      ICMP
    }
    Address Ignore {
      ${ignored.map((address) => `IPv4_address ${address}`).join('\n      ')}
    }
  }
}
`
}
