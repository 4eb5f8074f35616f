package io.landbridge.observe;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClientBuilder;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;

/**
 * The one request that Micrometer makes, sent by the JDK's HTTP client on a thread of its own:
 * AWS's asynchronous client would bring netty. Figures that can't be sent are lost; the log says so
 * when that begins and when it ends.
 */
final class CloudWatchSender implements CloudWatchAsyncClient {

    private static final Logger LOG = LoggerFactory.getLogger(CloudWatchSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CloudWatchClient client;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    work -> {
                        Thread one = new Thread(work, "cloudwatch");
                        one.setDaemon(true);
                        return one;
                    });

    /** Whether the newest request failed; only the thread's own. */
    private boolean failing;

    private CloudWatchSender(CloudWatchClient client) {
        this.client = client;
    }

    /**
     * Opens one; credentials and endpoint come from where AWS's tools find them.
     *
     * @param region empty: from there, too
     * @throws Fault CONFIG_INVALID when there is none
     */
    static CloudWatchSender open(String region) {
        CloudWatchClientBuilder builder =
                CloudWatchClient.builder()
                        .httpClient(UrlConnectionHttpClient.create())
                        .overrideConfiguration(config -> config.apiCallTimeout(PATIENCE));
        if (!region.isEmpty()) {
            builder.region(Region.of(region));
        }
        try {
            return new CloudWatchSender(builder.build());
        } catch (SdkException e) {
            throw Fault.of(FaultCode.CONFIG_INVALID, "CloudWatch: " + e.getMessage(), e)
                    .hint("set metrics.cloudwatch.region, or AWS_REGION");
        }
    }

    @Override
    public CompletableFuture<PutMetricDataResponse> putMetricData(PutMetricDataRequest request) {
        return CompletableFuture.supplyAsync(() -> send(request), thread);
    }

    private PutMetricDataResponse send(PutMetricDataRequest request) {
        try {
            PutMetricDataResponse answer = client.putMetricData(request);
            if (failing) {
                LOG.info("CloudWatch takes figures again");
                failing = false;
            }
            return answer;
        } catch (SdkException e) {
            if (!failing) {
                LOG.warn(
                        "CloudWatch takes no figures; they are lost until it does: {}",
                        e.getMessage());
                failing = true;
            }
            return PutMetricDataResponse.builder().build();
        }
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        thread.shutdown();
        client.close();
    }
}
