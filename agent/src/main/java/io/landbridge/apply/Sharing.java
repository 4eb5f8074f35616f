package io.landbridge.apply;

import io.landbridge.buffer.Crew;
import io.landbridge.jdbc.Database;
import java.util.function.BooleanSupplier;

/**
 * How an applier shares its writing.
 *
 * @param crew among whom lanes are dealt
 * @param target which the agents talk by
 * @param leads asks the target whether this agent leads still: only then may it end others'
 *     sessions; from any thread
 */
public record Sharing(Crew crew, Database target, BooleanSupplier leads) {}
