package io.landbridge.assess;

import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import java.sql.SQLException;
import java.util.List;

/**
 * The least that the roles of a configuration need, whatever they have already: the counterpart of
 * what {@link SourceRightsCheck} and {@link TargetRightsCheck} ask for. Reads both catalogues,
 * which any role may, and writes nothing.
 */
public final class Grants {

    private final Database source;
    private final Database target;
    private final Configuration configuration;

    public Grants(Database source, Database target, Configuration configuration) {
        this.source = source;
        this.target = target;
        this.configuration = configuration;
    }

    /**
     * Spells them out.
     *
     * @param sourceRole who will move rows out; need not exist yet
     * @param targetRole who will write them
     * @throws Fault when a side can't be reached, or a table pattern isn't one
     */
    public GrantScript forRoles(String sourceRole, String targetRole) {
        List<Table> tables = PostgresCatalogue.read(source, configuration.tables());
        try (Inquiry asksSource = new Inquiry(source);
                Inquiry asksTarget = new Inquiry(target)) {
            Subject subject =
                    Subject.of(configuration, source, target, asksSource, asksTarget, tables);
            return new GrantScript(
                    new SourceGrants(subject, sourceRole).lines(),
                    new TargetGrants(subject, targetRole).lines());
        } catch (SQLException e) {
            throw source.fault("reading who owns what", e);
        }
    }
}
