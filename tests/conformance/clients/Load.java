// Loads from a server by Jena's RDFConnection and prints how many triples or quads came:
// java -cp JARS Load.java ENDPOINT default|dataset|GRAPH|URL-TO-LOAD
import org.apache.jena.query.Dataset;
import org.apache.jena.rdfconnection.RDFConnection;
import org.apache.jena.rdfconnection.RDFConnectionRemote;

public class Load {
    public static void main(String[] arguments) {
        try (RDFConnection connection = RDFConnectionRemote.service(arguments[0]).build()) {
            for (int i = 1; i < arguments.length; i++) {
                String name = arguments[i];
                if (name.equals("dataset")) {
                    Dataset dataset = connection.fetchDataset();
                    System.out.println(dataset.asDatasetGraph().stream().count());
                } else {
                    System.out.println((name.equals("default") ? connection.fetch() : connection.fetch(name)).size());
                }
            }
        }
    }
}
