package io.landbridge.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/**
 * AWS Secrets Manager, asked through AWS's own client: credentials, region and endpoint come from
 * where its tools find them. Nothing of that is loaded before the first secret is asked for.
 */
final class AwsSecrets {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ARN = "arn:";
    private static final int REGION_IN_ARN = 3;

    private AwsSecrets() {}

    /**
     * A secret's text, or one value of it.
     *
     * @param reference {@code id} or {@code id#json-key}; the id is a name or an ARN, which also
     *     says the region
     * @throws IllegalArgumentException saying what is missing, by name only
     */
    static String fetch(String reference) {
        int hash = reference.indexOf('#');
        String id = hash < 0 ? reference : reference.substring(0, hash);
        String text = text(id);
        return hash < 0 ? text : value(id, text, reference.substring(hash + 1));
    }

    private static String text(String id) {
        try (SecretsManagerClient client = client(id)) {
            String text = client.getSecretValue(request -> request.secretId(id)).secretString();
            if (text == null) {
                throw new IllegalArgumentException(
                        "the secret " + id + " of AWS Secrets Manager is binary, not a text");
            }
            return text;
        } catch (SdkException e) {
            throw new IllegalArgumentException(
                    "can't fetch the secret " + id + " from AWS Secrets Manager: " + e.getMessage(),
                    e);
        }
    }

    private static SecretsManagerClient client(String id) {
        SecretsManagerClientBuilder builder =
                SecretsManagerClient.builder()
                        .httpClient(UrlConnectionHttpClient.create())
                        .overrideConfiguration(config -> config.apiCallTimeout(PATIENCE));
        String[] parts = id.split(":", -1);
        if (id.startsWith(ARN) && parts.length > REGION_IN_ARN) {
            builder.region(Region.of(parts[REGION_IN_ARN]));
        }
        return builder.build();
    }

    private static String value(String id, String text, String key) {
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            // Its message may quote the secret.
            json = null;
        }
        JsonNode value = json == null ? null : json.get(key);
        if (value == null || !value.isValueNode() || value.isNull()) {
            throw new IllegalArgumentException(
                    "the secret " + id + " of AWS Secrets Manager is no JSON with a " + key);
        }
        return value.asText();
    }
}
