package io.landbridge.cutover;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What clients felt of a move, as somebody saw who asked the same way that they do.
 *
 * @param answers questions that were answered
 * @param failures that a client would have had to deal with: refused connections, broken questions
 * @param longest wait for an answer, failures in between included
 * @param at when that wait began; empty before the first question
 */
public record ClientPause(long answers, long failures, Duration longest, Optional<Instant> at) {}
