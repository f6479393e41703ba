export declare function bundleEntries(out: string): Promise<void>;
