import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Counts the words of a file by Spark; or fails, or goes on for ten minutes once it has said by what pid. */
public class SparkWordCount {
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "count" -> count(args[1], args[2]);
            case "fail" -> throw new IllegalStateException("the disk is full");
            case "last" -> last(args[1]);
        }
    }

    static void count(String text, String output) throws Exception {
        try (JavaSparkContext context = new JavaSparkContext(new SparkConf())) {
            var words = context.textFile(text).flatMap(line -> Arrays.asList(line.split(" ")).iterator());
            List<String> lines = new ArrayList<>();
            new TreeMap<>(words.countByValue()).forEach((word, count) -> lines.add(word + " " + count));
            Files.write(Paths.get(output), lines);
        }
    }

    static void last(String path) throws Exception {
        Files.writeString(Paths.get(path), Long.toString(ProcessHandle.current().pid()));
        Thread.sleep(600_000);
    }
}
