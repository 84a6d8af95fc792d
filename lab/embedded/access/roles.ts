const vm = `VM.Allocate VM.Audit VM.Backup VM.Clone VM.Config.CDROM VM.Config.CPU VM.Config.Cloudinit VM.Config.Disk VM.Config.HWType
  VM.Config.Memory VM.Config.Network VM.Config.Options VM.Console VM.GuestAgent.Audit VM.GuestAgent.FileRead
  VM.GuestAgent.FileSystemMgmt VM.GuestAgent.FileWrite VM.GuestAgent.Unrestricted VM.Migrate VM.PowerMgmt VM.Replicate VM.Snapshot
  VM.Snapshot.Rollback`
const datastore = 'Datastore.Allocate Datastore.AllocateSpace Datastore.AllocateTemplate Datastore.Audit'
const sdn = 'SDN.Allocate SDN.Audit SDN.Use'
const pool = 'Pool.Allocate Pool.Audit'
const system = 'Sys.AccessNetwork Sys.Audit Sys.Console Sys.Incoming Sys.Modify Sys.PowerMgmt Sys.Syslog'
const mapping = 'Mapping.Audit Mapping.Modify Mapping.Use'
const users = 'Group.Allocate Permissions.Modify Realm.Allocate Realm.AllocateUser User.Modify'

/** Every privilege of Proxmox VE 9.x. */
export const allPrivileges: readonly string[] = words(vm, datastore, sdn, pool, system, mapping, users).toSorted()

/** The roles that come with Proxmox VE 9.x, by name. */
export const builtInRoles: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    Administrator: allPrivileges,
    NoAccess: [],
    PVEAdmin: allPrivileges.filter(
      (each) => !/^(Permissions\.Modify|Realm\.Allocate|Sys\.(Modify|PowerMgmt|Incoming|AccessNetwork))$/.test(each),
    ),
    PVEAuditor: allPrivileges.filter((each) => each.endsWith('.Audit')),
    PVEDatastoreAdmin: words(datastore),
    PVEDatastoreUser: words('Datastore.AllocateSpace Datastore.Audit'),
    PVEMappingAdmin: words(mapping),
    PVEMappingAuditor: ['Mapping.Audit'],
    PVEMappingUser: words('Mapping.Audit Mapping.Use'),
    PVEPoolAdmin: words(pool),
    PVEPoolUser: ['Pool.Audit'],
    PVESDNAdmin: words(sdn),
    PVESDNUser: words('SDN.Audit SDN.Use'),
    PVESysAdmin: words('Sys.Audit Sys.Console Sys.Syslog'),
    PVETemplateUser: words('VM.Audit VM.Clone'),
    PVEUserAdmin: words('Group.Allocate Realm.AllocateUser User.Modify'),
    PVEVMAdmin: words(vm),
    PVEVMUser:
      words(`VM.Audit VM.Backup VM.Config.CDROM VM.Config.Cloudinit VM.Console VM.GuestAgent.Audit VM.GuestAgent.FileRead
      VM.GuestAgent.FileSystemMgmt VM.GuestAgent.FileWrite VM.GuestAgent.Unrestricted VM.PowerMgmt`),
  }),
)

function words(...texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '')
}
