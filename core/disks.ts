/** Gigabytes of a server's boot disk: Debian and its packages; what matters is on the data disk. */
export const BOOT_DISK_GB = 30;
