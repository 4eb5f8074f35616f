package io.landbridge.cli;

import picocli.CommandLine.IVersionProvider;

/** The jar's version. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "landbridge " + (version == null ? "(development)" : version),
            "Java " + System.getProperty("java.version")
        };
    }
}
